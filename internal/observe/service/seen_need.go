package service

import (
	"context"

	"berth/internal/deploy"
)

// needs looks at which of the order's needs stand.
func (r *Reader) needs(_ context.Context) ([]deploy.Standing, error) {
	return nil, nil
}
