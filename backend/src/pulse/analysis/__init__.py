"""The Analysis page: numbers, breakdowns and people of a pipeline, and how it moved."""
