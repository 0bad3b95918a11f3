package sim

import (
	"bytes"
	"encoding/json"
	"errors"
	"reflect"

	"github.com/aws/smithy-go"

	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// call runs one decoded operation; the lock is held.
func (s *Sim) call(env wire.Envelope, in any, run func(*world.Call) (any, error)) (any, error) {
	s.tick()
	s.calls++
	c := s.begin(env)
	trouble := s.world.Happens(env.Service, env.Operation)
	s.cut = trouble.Fault == world.LoseRequest || trouble.Fault == world.LoseAnswer
	err := refuse(trouble, env)
	if err == nil {
		err = limit(s.world, env, in)
	}
	if err == nil && s.guard != nil {
		err = s.guard.Check(c, in)
	}
	if err != nil {
		return nil, s.note(c, in, err)
	}
	if world.Reads(env.Operation) {
		return s.read(c, in, run, trouble.Fault == world.StaleRead)
	}
	s.remember()
	s.dirty = true
	out, err := run(c)
	if err == nil && s.await(c, in, out) {
		out, err = run(c)
	}
	err = s.note(c, in, err)
	s.world.Settle()
	if len(s.world.Promises) > 0 {
		keepPromises(s.world)
	}
	return out, err
}

// read runs an operation that changes nothing. What it sees is on disk by then, so that nobody has seen what a crash
// takes back.
func (s *Sim) read(c *world.Call, in any, run func(*world.Call) (any, error), stale bool) (any, error) {
	if err := s.save(); err != nil {
		return nil, err
	}
	if stale {
		if old := s.old(); old != nil {
			c.World, c.Region = old, old.Region(c.Region.Name)
		}
	}
	out, err := run(c)
	return out, s.note(c, in, err)
}

func (s *Sim) begin(env wire.Envelope) *world.Call {
	region := env.Region
	if region == "" {
		region = DefaultRegion
	}
	return &world.Call{
		World: s.world, Region: s.world.Region(region), Service: env.Service, Operation: env.Operation,
		RequestID: env.RequestID,
	}
}

// note writes the call into the trace: what came in decoded, what it was refused with; no ids of requests. It gives the
// error back.
func (s *Sim) note(c *world.Call, in any, err error) error {
	if s.trace != nil {
		s.trace.Call(s.world.Now(), c.Service+"."+c.Operation, inputText(in), code(err))
	}
	return err
}

// code is the code that a client sees of an error.
func code(err error) string {
	if err == nil {
		return ""
	}
	if own, ok := errors.AsType[*wire.Error](err); ok {
		return own.Code
	}
	if api, ok := errors.AsType[smithy.APIError](err); ok {
		return api.ErrorCode()
	}
	return "InternalFailure"
}

// inputText is an input as JSON: the members that are set. Bodies that stream have nothing that JSON sees.
func inputText(in any) string {
	v := reflect.ValueOf(in).Elem()
	var b bytes.Buffer
	for i := range v.NumField() {
		f := v.Type().Field(i)
		if !f.IsExported() || v.Field(i).IsZero() {
			continue
		}
		if secret(f.Name) {
			b.WriteString(`,"` + f.Name + `":"(secret)"`)
			continue
		}
		value, err := json.Marshal(v.Field(i).Interface())
		if err != nil {
			value, _ = json.Marshal(err.Error()) // a text always becomes JSON
		}
		b.WriteString(`,"` + f.Name + `":`)
		b.Write(value)
	}
	if b.Len() == 0 {
		return "{}"
	}
	return "{" + b.String()[1:] + "}"
}

// secret tells the members that AWS's models call sensitive and that CloudTrail leaves out too.
func secret(member string) bool {
	return member == "SecretString" || member == "SecretBinary" || member == "RotationToken"
}
