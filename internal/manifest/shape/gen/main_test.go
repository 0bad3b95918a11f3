package main

import (
	"bytes"
	"os"
	"testing"
)

func TestTheTableIsCurrent(t *testing.T) {
	want, err := file()
	if err != nil {
		t.Fatal(err)
	}
	have, err := os.ReadFile("../table_gen.go")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(have, want) {
		t.Error("table_gen.go is not what the SDK in go.mod says: run go generate ./internal/manifest/shape")
	}
}
