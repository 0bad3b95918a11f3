package s3

import (
	"encoding/base64"
	"encoding/binary"
	"hash/crc64"

	"github.com/aws/aws-sdk-go-v2/service/s3"

	"berth/internal/sim/world"
)

// given is the checksum that a call brings along; whether it is right is checked where the body is received.
func given(in *s3.PutObjectInput) (algorithm, value string) {
	for _, g := range []struct {
		algorithm string
		value     *string
	}{
		{"CRC32", in.ChecksumCRC32},
		{"CRC32C", in.ChecksumCRC32C},
		{"CRC64NVME", in.ChecksumCRC64NVME},
		{"SHA1", in.ChecksumSHA1},
		{"SHA256", in.ChecksumSHA256},
	} {
		if g.value != nil && *g.value != "" {
			return g.algorithm, *g.value
		}
	}
	return "", ""
}

// crc64NVME is the checksum that S3 adds by itself, in base64.
func crc64NVME(data []byte) string {
	sum := crc64.Checksum(data, crc64.MakeTable(0x9a6c9329ac4bc9b5))
	return base64.StdEncoding.EncodeToString(binary.BigEndian.AppendUint64(nil, sum))
}

// sums are a version's checksum in the field of its algorithm.
type sums struct{ crc32, crc32c, crc64, sha1, sha256 *string }

func sumOf(v *world.ObjectVersion) sums {
	value := v.Checksum
	switch v.Algorithm {
	case "CRC32":
		return sums{crc32: &value}
	case "CRC32C":
		return sums{crc32c: &value}
	case "CRC64NVME":
		return sums{crc64: &value}
	case "SHA1":
		return sums{sha1: &value}
	case "SHA256":
		return sums{sha256: &value}
	}
	return sums{}
}
