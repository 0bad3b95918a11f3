package listing

import (
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"berth/internal/sim/world"
)

// Query is what a Describe call asks of a kind: ids or nothing, filters, and a page.
type Query[T any] struct {
	IDs     []string
	Filters []types.Filter
	Known   Fields[T]
	Page    Paging
}

// List answers a query: the rows with the ids (or all) that pass the filters, cut to one page, and the next page's token.
func (k Kind[T]) List(r *world.Region, q Query[T]) ([]*T, *string, error) {
	seq, err := k.pick(r, q.IDs)
	if err != nil {
		return nil, nil, err
	}
	rows, err := Sift(seq, q.Filters, q.Known, func(row *T) world.Tags { return *k.Tags(row) })
	if err != nil {
		return nil, nil, err
	}
	q.Page.IDs = len(q.IDs) > 0
	return Page(rows, q.Page)
}
