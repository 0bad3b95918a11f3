package iam

import (
	"errors"
	"testing"

	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

const (
	trustEC2 = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}`
	allowS3  = `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}`
)

func newCall() *world.Call {
	w := world.New(1)
	w.Attach(nil, nil)
	return &world.Call{World: w, Region: w.Region("us-east-1"), Service: "iam"}
}

// must is for the steps that only prepare a test.
func must[O any](t *testing.T) func(O, error) O {
	return func(out O, err error) O {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
}

func refused(t *testing.T, err error, code string, status int, message string) {
	t.Helper()
	e, ok := errors.AsType[*wire.Error](err)
	if !ok {
		t.Fatalf("got %v, want a refusal with %s", err, code)
	}
	if e.Status == 0 {
		e = e.WithStatus(400)
	}
	if e.Code != code || e.Status != status || e.Message != message {
		t.Fatalf("got  %d %s %q\nwant %d %s %q", e.Status, e.Code, e.Message, status, code, message)
	}
}
