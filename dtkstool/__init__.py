"""Cleans, links and deduplicates Indonesia's social-welfare register against the civil registry."""

import os

__version__ = "0.1.0"

# Polars' allocator keeps freed memory by arena, of which it makes four a core unless it is told
# before it is loaded: with one a core the same work needs a tenth less.
os.environ.setdefault("_RJEM_MALLOC_CONF", f"narenas:{os.cpu_count() or 1}")
