package cloudwatch

import (
	"encoding/base64"
	"strconv"
	"strings"

	"berth/internal/sim/wire"
)

// page cuts the asked page out of all rows and gives the token of the next one, nil after the last.
func page[T any](rows []T, size *int32, token *string, usual, most int) ([]T, *string, error) {
	n := usual
	if size != nil {
		if n = int(*size); n < 1 || n > most {
			return nil, nil, invalidMember(n, "MaxRecords")
		}
	}
	start := 0
	if token != nil && *token != "" {
		b, _ := base64.StdEncoding.DecodeString(*token)
		digits, ok := strings.CutPrefix(string(b), "from ")
		at, err := strconv.Atoi(digits)
		if !ok || err != nil || at < 0 {
			return nil, nil, wire.Errorf("InvalidNextToken", "The next token is invalid.")
		}
		start = min(at, len(rows))
	}
	end := min(start+n, len(rows))
	if end == len(rows) {
		return rows[start:], nil, nil
	}
	next := base64.StdEncoding.EncodeToString([]byte("from " + strconv.Itoa(end)))
	return rows[start:end], &next, nil
}
