"""What the benchmark is made of: servers, contestants, floors, and the table."""
