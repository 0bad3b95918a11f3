# A larger and faster volume under a key of one's own.
volume = { size_gib = 100, type = "gp3", iops = 6000, throughput = 500, kms_key_id = "alias/instances" }
