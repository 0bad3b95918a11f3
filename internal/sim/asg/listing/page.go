package listing

import (
	"encoding/base64"
	"strconv"
	"strings"

	"berth/internal/sim/wire"
)

// Paging is how a listing is cut: what the call asks for, the size without it, and the largest one.
type Paging struct {
	Max         *int32
	Token       *string
	Usual, Most int
}

// Page cuts the asked page out of all rows and gives the token of the next one, nil after the last.
func Page[T any](rows []T, p Paging) ([]T, *string, error) {
	size := p.Usual
	if p.Max != nil {
		if size = int(*p.Max); size < 1 || size > p.Most {
			return nil, nil, Invalid("Value (%d) for parameter MaxRecords is invalid. Expecting a value between 1 and %d.", size, p.Most)
		}
	}
	start, err := p.start()
	if err != nil {
		return nil, nil, err
	}
	start = min(start, len(rows))
	end := min(start+size, len(rows))
	if end == len(rows) {
		return rows[start:], nil, nil
	}
	next := base64.StdEncoding.EncodeToString([]byte("records from " + strconv.Itoa(end)))
	return rows[start:end], &next, nil
}

func (p Paging) start() (int, error) {
	if p.Token == nil || *p.Token == "" {
		return 0, nil
	}
	b, _ := base64.StdEncoding.DecodeString(*p.Token)
	digits, ok := strings.CutPrefix(string(b), "records from ")
	n, err := strconv.Atoi(digits)
	if !ok || err != nil || n < 0 {
		return 0, wire.Errorf("InvalidNextToken", "The token '%s' is invalid", *p.Token)
	}
	return n, nil
}
