"""What the pipeline is worth, how it moved, how opportunities become revenue."""
