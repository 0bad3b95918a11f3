package wire_test

import (
	"bytes"
	"os"
	"testing"

	"berth/internal/sim/wire/gen/names"
)

func TestNamesAreCurrent(t *testing.T) {
	want, err := names.File(names.Services()...)
	if err != nil {
		t.Fatal(err)
	}
	have, err := os.ReadFile("names_gen.go")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(have, want) {
		t.Error("names_gen.go is not what the SDK in go.mod says: run go generate ./internal/sim/wire")
	}
}
