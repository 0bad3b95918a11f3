package shape

import (
	"slices"
	"testing"

	"berth/internal/model"
)

func expect[T comparable](t *testing.T, what string, got, want []T) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

// keys knows these ids, and nothing else.
func keys(known map[string]model.Key) Keys {
	return func(id string) model.Key {
		if k, ok := known[id]; ok || id == "" {
			return k
		}
		return model.Foreign(id)
	}
}
