package asg

import (
	"encoding/base64"
	"strconv"
	"strings"

	"berth/internal/sim/wire"
)

// paging is how a listing is cut: what the call asks for, the size without it, and the largest one.
type paging struct {
	max         *int32
	token       *string
	usual, most int
}

// page cuts the asked page out of all rows and gives the token of the next one, nil after the last.
func page[T any](rows []T, p paging) ([]T, *string, error) {
	size := p.usual
	if p.max != nil {
		if size = int(*p.max); size < 1 || size > p.most {
			return nil, nil, invalid("Value (%d) for parameter MaxRecords is invalid. Expecting a value between 1 and %d.", size, p.most)
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

func (p paging) start() (int, error) {
	if p.token == nil || *p.token == "" {
		return 0, nil
	}
	b, _ := base64.StdEncoding.DecodeString(*p.token)
	digits, ok := strings.CutPrefix(string(b), "records from ")
	n, err := strconv.Atoi(digits)
	if !ok || err != nil || n < 0 {
		return 0, wire.Errorf("InvalidNextToken", "The token '%s' is invalid", *p.token)
	}
	return n, nil
}
