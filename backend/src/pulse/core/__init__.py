"""The shared language of the product: pure values, no input or output."""
