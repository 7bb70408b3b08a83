"""Everything that opens a film. All of it blocks, so it runs on worker threads, with plain values in and out."""
