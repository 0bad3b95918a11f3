package elb

import (
	"encoding/base64"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// mostPerPage is the largest page of every listing, and the usual one.
const mostPerPage = 400

// page cuts the asked page out of all rows and gives the marker of the next one, nil after the last.
func page[T any](rows []T, marker *string, size *int32) ([]T, *string, error) {
	if err := within("pageSize", size, 1, mostPerPage); err != nil {
		return nil, nil, err
	}
	start := 0
	if m := aws.ToString(marker); m != "" {
		n, ok := readMarker(m)
		if !ok {
			return nil, nil, invalid("Invalid marker '%s'", m)
		}
		start = min(n, len(rows))
	}
	n := mostPerPage
	if size != nil {
		n = int(*size)
	}
	end := min(start+n, len(rows))
	if end == len(rows) {
		return rows[start:], nil, nil
	}
	return rows[start:end], aws.String(makeMarker(end)), nil
}

func makeMarker(start int) string {
	return base64.StdEncoding.EncodeToString([]byte("rows from " + strconv.Itoa(start)))
}

func readMarker(marker string) (int, bool) {
	b, _ := base64.StdEncoding.DecodeString(marker) // what is no base64 has no prefix either
	digits, ok := strings.CutPrefix(string(b), "rows from ")
	n, err := strconv.Atoi(digits)
	return n, ok && err == nil && n >= 0
}
