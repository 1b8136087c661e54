"""What benchmarks print: accuracy, clamp faults, heap, instructions, reaction. Imports everything but the shell."""
