package wiretest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"github.com/aws/smithy-go"

	"berth/internal/sim/wire"
)

// trial is one call in progress: what the server saw, and what it shall answer.
type trial struct {
	env wire.Envelope
	in  any
	out any
}

// RoundTrip calls every operation of the services through the SDK's real clients, once with everything set and twice with
// half of it, and fails where an input or an output does not arrive as it was sent.
func RoundTrip[C any](t *testing.T, services ...wire.Service[C]) {
	t.Helper()
	var now trial
	server := wire.NewServer(services,
		func(env wire.Envelope, in any, _ func(C) (any, error)) (any, error) {
			now.env, now.in = env, in
			return now.out, nil
		},
		func() string { return "00000000-0000-4000-8000-000000000001" })
	cfg := Config(server.RoundTripper())
	for _, svc := range services {
		methods := reflect.ValueOf(client(svc.Name, cfg))
		if !methods.IsValid() {
			t.Fatalf("no client for a service called %q", svc.Name)
		}
		for i, name := range slices.Sorted(maps.Keys(svc.Ops)) {
			op := svc.Ops[name]
			c := call{name: svc.Name + " " + name, method: methods.MethodByName(name), in: op.In, out: op.Out, s3: svc.Protocol == wire.RestXML}
			for round := range 3 {
				f := &filler{rng: rand.New(rand.NewPCG(uint64(i), uint64(round))), sparse: round > 0}
				if err := c.run(f, &now); err != nil {
					t.Errorf("%s, round %d: %v", c.name, round, err)
				}
			}
			if now.env.Service != svc.Name || now.env.Operation != name {
				t.Errorf("%s arrived as %+v", c.name, now.env)
			}
		}
	}
}

// call is one operation under test.
type call struct {
	name    string
	method  reflect.Value
	in, out reflect.Type
	s3      bool
}

// run makes one call and compares both directions.
func (c call) run(f *filler, now *trial) error {
	if c.s3 {
		f.only = f.s3Field
	}
	in, out := reflect.New(c.in), reflect.New(c.out)
	f.value(in.Elem())
	f.value(out.Elem())
	if c.s3 {
		sayLength(in)
		sayLength(out)
	}
	now.in, now.out = nil, out.Interface()
	got := c.method.Call([]reflect.Value{reflect.ValueOf(context.Background()), in})
	if err, ok := reflect.TypeAssert[error](got[1]); ok {
		if _, refused := errors.AsType[smithy.InvalidParamsError](err); refused && f.sparse {
			return nil // the client itself misses a required member
		}
		return err
	}
	got[0].Elem().FieldByName("ResultMetadata").SetZero()
	if c.s3 {
		forgive(in, reflect.ValueOf(now.in))
		forgive(out, got[0])
	}
	if err := same("input", in.Interface(), now.in); err != nil {
		return err
	}
	return same("output", out.Interface(), got[0].Interface())
}

// same compares what was sent with what arrived.
func same(what string, sent, arrived any) error {
	if reflect.DeepEqual(sent, arrived) {
		return nil
	}
	return fmt.Errorf("%s\n   sent %s\narrived %s", what, text(sent), text(arrived))
}

// text is a value for people.
func text(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprintf("%+v", v)
	}
	return string(b)
}
