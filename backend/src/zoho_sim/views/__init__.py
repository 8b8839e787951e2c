"""Custom views: named selections of a module's records."""
