package iam

import (
	"encoding/base64"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"

	"berth/internal/sim/wire"
)

// cut is one page of a listing.
type cut[T any] struct {
	rows   []T
	marker *string
	more   bool
}

// page cuts the asked page out of all rows: 100 a page unless the call says otherwise, 1,000 at most.
func page[T any](rows []T, marker *string, most *int32) (cut[T], error) {
	size := 100
	if most != nil {
		size = int(*most)
		if size < 1 {
			return cut[T]{}, constraint(itoa(size), "maxItems", "have value greater than or equal to 1")
		}
		if size > 1000 {
			return cut[T]{}, constraint(itoa(size), "maxItems", "have value less than or equal to 1000")
		}
	}
	start, err := readMarker(aws.ToString(marker))
	if err != nil {
		return cut[T]{}, err
	}
	start = min(start, len(rows))
	if end := start + size; end < len(rows) {
		return cut[T]{rows[start:end], aws.String(makeMarker(end)), true}, nil
	}
	return cut[T]{rows: rows[start:]}, nil
}

func makeMarker(start int) string {
	return base64.StdEncoding.EncodeToString([]byte("from " + itoa(start)))
}

func readMarker(marker string) (int, error) {
	if marker == "" {
		return 0, nil
	}
	b, _ := base64.StdEncoding.DecodeString(marker)
	digits, ok := strings.CutPrefix(string(b), "from ")
	n, err := strconv.Atoi(digits)
	if !ok || err != nil || n < 0 {
		return 0, wire.Errorf("ValidationError", "Invalid Marker.")
	}
	return n, nil
}

func itoa(n int) string { return strconv.Itoa(n) }
