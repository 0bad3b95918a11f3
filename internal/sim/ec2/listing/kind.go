package listing

import (
	"iter"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// Kind describes one kind of resource to everything that treats all kinds alike: finding by id, listing, and tags.
type Kind[T any] struct {
	Resource  types.ResourceType
	Prefix    string // of ids, without the dash: "vpc"
	Missing   string // error code of an id that nothing has
	Malformed string // error code of an id that cannot be one; empty: the same as missing
	Text      string // message of missing, with one %s for the id
	Table     func(*world.Region) *world.Table[T]
	Tags      func(*T) *world.Tags
}

// Find gives the row with the id, or AWS's refusal.
func (k Kind[T]) Find(r *world.Region, id string) (*T, error) {
	if row, ok := k.Table(r).Get(id); ok {
		return row, nil
	}
	return nil, k.Unknown(id)
}

// Need is Find for a required parameter: absent or empty is MissingParameter.
func (k Kind[T]) Need(r *world.Region, parameter string, id *string) (*T, error) {
	if id == nil || *id == "" {
		return nil, Missing(parameter)
	}
	return k.Find(r, *id)
}

// pick gives the rows with the ids, or all rows when there are no ids, in the order in which they were made.
func (k Kind[T]) pick(r *world.Region, ids []string) (iter.Seq[*T], error) {
	t := k.Table(r)
	if len(ids) == 0 {
		return t.Rows(), nil
	}
	if len(ids) == 1 {
		row, err := k.Find(r, ids[0])
		return slices.Values([]*T{row}), err
	}
	want := make(map[string]bool, len(ids))
	for _, id := range ids {
		if _, err := k.Find(r, id); err != nil {
			return nil, err
		}
		want[id] = true
	}
	return func(yield func(*T) bool) {
		for id, row := range t.All() {
			if want[id] && !yield(row) {
				return
			}
		}
	}, nil
}

// Unknown is the refusal of an id that no row has.
func (k Kind[T]) Unknown(id string) error {
	if k.Malformed != "" && !WellFormed(k.Prefix, id) {
		return wire.Errorf(k.Malformed, "Invalid id: \"%s\" (expecting \"%s-...\")", id, k.Prefix)
	}
	return wire.Errorf(k.Missing, k.Text, id)
}

// WellFormed tells whether id is the prefix, a dash and 8 (before 2016) or 17 hex digits.
func WellFormed(prefix, id string) bool {
	digits, ok := strings.CutPrefix(id, prefix+"-")
	return ok && (len(digits) == 8 || len(digits) == 17) && strings.Trim(digits, "0123456789abcdef") == ""
}
