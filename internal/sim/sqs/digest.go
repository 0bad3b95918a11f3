package sqs

import (
	"crypto/md5" //nolint:gosec // SQS's own checksum
	"encoding/binary"
	"encoding/hex"
	"strings"

	"berth/internal/sim/world"
)

// md5Text is the checksum that clients compare a body with.
func md5Text(s string) string {
	sum := md5.Sum([]byte(s)) //nolint:gosec // SQS's own checksum
	return hex.EncodeToString(sum[:])
}

// md5Attributes is the checksum of message attributes, which are sorted by name (SQS developer guide, "Calculating the MD5
// message digest for message attributes"); empty when there are none.
func md5Attributes(all []world.MessageAttribute) string {
	if len(all) == 0 {
		return ""
	}
	var b []byte
	add := func(s string) {
		b = append(binary.BigEndian.AppendUint32(b, uint32(len(s))), s...)
	}
	for _, a := range all {
		add(a.Name)
		add(a.Type)
		if strings.HasPrefix(a.Type, "Binary") {
			b = append(b, 2)
			add(string(a.Binary))
		} else {
			b = append(b, 1)
			add(a.Text)
		}
	}
	return md5Text(string(b))
}
