"""The PC side of Headroom: the `headroom` command and what it needs."""
