"""What people type and read, and the service behind it. Imports `serve` and `serve.store`; answers are loaded on demand."""
