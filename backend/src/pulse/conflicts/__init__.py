"""Conflicts: fields that both sides changed to different values, shown and settled by people."""
