"""A week under review: its deals, figures, action items, and what stands out."""
