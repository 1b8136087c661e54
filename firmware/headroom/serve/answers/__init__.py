"""What a command answers with: in memory only while somebody asks. The folder is the list.

Imports `serve`, `serve.console`, `serve.store`.
"""
