"""Load, let the domain decide, keep the result, tell the others."""
