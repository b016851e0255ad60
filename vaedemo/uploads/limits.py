"""How much an upload may hold, and how much time and memory its decoding may take.

The routes, the parent's and the child's side read the same numbers here.
"""

SIDE = 28  # pixels a side of what an image becomes

# What the browser sends.
LARGEST_UPLOAD = 20_000_000  # bytes of all files of one upload, their names among them
LARGEST_HEADER = 4_000_000  # bytes of the names and sizes
MOST_FILES = 20_000

# What an archive may unpack to.
MOST_ENTRIES = 60_000  # of an archive: a Mac adds a hidden file to each, and folders are entries too
LARGEST_MEMBER = 25_000_000  # bytes of one unpacked file
LARGEST_UNPACKED = 200_000_000  # bytes of all unpacked files
HIGHEST_RATIO = 250  # unpacked to packed bytes of a file of more than FREE_OF_RATIO bytes
FREE_OF_RATIO = 1_000_000

# What a data set may hold.
MOST_PIXELS = 25_000_000  # of one image file
LARGEST_SIDE = 1024  # pixels a side of the images in an array
MOST_EXAMPLES = 20_000
FEWEST_POINTS = 4
MOST_CLASSES = 1000
LONGEST_CLASS_NAME = 60
LONGEST_LINE = 1_000_000  # bytes of a table's line

# What is answered.
LONGEST_SENTENCE = 400
MOST_NOTES = 20
LARGEST_ANSWER_HEADER = 2_000_000  # bytes: 1000 class names of 60 characters, each written as up to 12 bytes
LARGEST_ANSWER = 4 + LARGEST_ANSWER_HEADER + MOST_EXAMPLES * (2 * SIDE * SIDE + 8)

# What the child process gets.
CPU_SECONDS = 10
WALL_SECONDS = 20.0
MEMORY = 200_000_000  # bytes of address space beyond what its imports take
OPEN_FILES = 16
LONGEST_LOG = 4_000  # bytes of the child's errors that are logged
