"""Rules and values. Standard library only; nothing here waits, and the clock is an argument."""
