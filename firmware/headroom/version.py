"""The one place that holds Headroom's version."""

VERSION = "0.1.0"
