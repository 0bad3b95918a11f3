package asg

import "berth/internal/sim/asg/listing"

// paging is how a listing is cut: what the call asks for, the size without it, and the largest one.
type paging struct {
	max         *int32
	token       *string
	usual, most int
}

// page cuts the asked page out of all rows and gives the token of the next one, nil after the last.
func page[T any](rows []T, p paging) ([]T, *string, error) {
	return listing.Page(rows, listing.Paging{Max: p.max, Token: p.token, Usual: p.usual, Most: p.most})
}
