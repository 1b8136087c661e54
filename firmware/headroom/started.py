"""What the start alone needed is let go of here: `headroom flash` writes it, board by board (device/reaching.py)."""
