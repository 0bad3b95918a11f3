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
	"time"

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
		roundTrip(t, svc, client(svc.Name, cfg), &now)
		for _, also := range svc.Also {
			svc.Protocol = also.Protocol
			roundTrip(t, svc, framed(svc.Name, also.Protocol, cfg), &now)
		}
	}
}

// roundTrip calls every operation of one service through one client.
func roundTrip[C any](t *testing.T, svc wire.Service[C], client any, now *trial) {
	t.Helper()
	methods := reflect.ValueOf(client)
	if !methods.IsValid() {
		t.Fatalf("no client for a service called %q", svc.Name)
	}
	for i, name := range slices.Sorted(maps.Keys(svc.Ops)) {
		op := svc.Ops[name]
		c := call{name: svc.Name + " " + name, method: methods.MethodByName(name), in: op.In, out: op.Out, protocol: svc.Protocol}
		for round := range 3 {
			f := &filler{rng: rand.New(rand.NewPCG(uint64(i), uint64(round))), sparse: round > 0}
			if err := c.run(f, now); err != nil {
				t.Errorf("%s, round %d: %v", c.name, round, err)
			}
		}
		if now.env.Service != svc.Name || now.env.Operation != name {
			t.Errorf("%s arrived as %+v", c.name, now.env)
		}
	}
}

// call is one operation under test.
type call struct {
	name     string
	method   reflect.Value
	in, out  reflect.Type
	protocol wire.Protocol
}

// run makes one call and compares both directions.
func (c call) run(f *filler, now *trial) error {
	s3 := c.protocol == wire.RestXML
	switch c.protocol {
	case wire.RestXML:
		f.only = f.s3Field
	case wire.Query: // its name in a form is that of another member
		f.only = func(field string, _ reflect.Value) bool { return field == "MessageSystemAttributeNames" }
	default:
	}
	in, out := reflect.New(c.in), reflect.New(c.out)
	f.value(in.Elem())
	f.value(out.Elem())
	if s3 {
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
	inUTC(got[0])
	if s3 {
		forgive(in, reflect.ValueOf(now.in))
		forgive(out, got[0])
	}
	if err := same("input", in.Interface(), now.in); err != nil {
		return err
	}
	return same("output", out.Interface(), got[0].Interface())
}

// inUTC turns every time in a value to UTC: the SDK leaves those of CBOR in the local zone.
func inUTC(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		if at, ok := reflect.TypeAssert[*time.Time](v); ok && at != nil {
			*at = at.UTC()
		} else if !v.IsNil() {
			inUTC(v.Elem())
		}
	case reflect.Struct:
		for _, f := range v.Fields() {
			inUTC(f)
		}
	case reflect.Slice:
		for i := range v.Len() {
			inUTC(v.Index(i).Addr())
		}
	default:
	}
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
