# Replacing instances keeps to the maximum.
surge_beyond_max = false
max_size         = 3
