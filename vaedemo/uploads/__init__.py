"""Files that a visitor uploads: decoded in a child process with little time and memory, and never kept.

The parent's side is `decoder`, the child's is `child` and what it imports. Nothing here imports torch.
"""
