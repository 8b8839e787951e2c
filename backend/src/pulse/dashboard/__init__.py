"""The Dashboard: what the pipeline is worth, how it moved, what changes arrive."""
