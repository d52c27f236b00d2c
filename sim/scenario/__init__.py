"""What a user writes: the file, its checks, and where each value comes from."""
