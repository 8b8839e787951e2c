"""Pure rules: canonical form, what an observation does to a record, slices, checkpoints."""
