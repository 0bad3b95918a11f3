package problem

import (
	"context"
	"errors"
	"io/fs"
	"net"
	"strings"

	"berth/internal/check"
	"berth/internal/cloud"
	"berth/internal/drive"
	"berth/internal/lease"
	"berth/internal/model"
	"berth/internal/plan"
	"berth/internal/sim"
	"berth/internal/sim/world"
)

// Of finds out what kind of error it is.
func Of(ctx context.Context, err error, at Place) Problem {
	for _, known := range []func(error, Place) (Problem, bool){own, interrupted(ctx), blocked, misfit, held, embedded, answer, unsettled, machine} {
		if p, ok := known(err, at); ok {
			return p
		}
	}
	return Problem{Code: "BUG001", Text: err.Error(), Exit: Failed}
}

// own is a problem already.
func own(err error, _ Place) (Problem, bool) {
	var p *Problem
	if !errors.As(err, &p) {
		return Problem{}, false
	}
	return *p, true
}

// interrupted is an error that the end of ctx has caused.
func interrupted(ctx context.Context) func(error, Place) (Problem, bool) {
	return func(err error, at Place) (Problem, bool) {
		if ctx.Err() == nil || !errors.Is(err, context.Canceled) {
			return Problem{}, false
		}
		return Problem{Code: "INT001", Text: "interrupted", Hints: []string{"it goes on where it stopped: " + at.Command}, Exit: Interrupted}, true
	}
}

// blocked is something on AWS that stands in the way of the file.
func blocked(err error, at Place) (Problem, bool) {
	var foreign *plan.Conflict
	var circle *plan.Cycle
	switch {
	case errors.As(err, &foreign) && len(foreign.Strays) == 1 && foreign.Strays[0].Key == model.ClusterKey():
		return *Elsewhere("OWN001", at.Cluster.Scope), true
	case errors.As(err, &foreign):
		return Problem{
			Code: "OWN001", Text: foreign.Error(), Exit: Failed,
			Hints: []string{"give the cluster another name (cluster = \"…\" in the file), or delete what is in the way yourself"},
		}, true
	case errors.As(err, &circle):
		return Problem{
			Code: "PLN002", Text: circle.Error(), Exit: Misused,
			Hints: []string{"give the new subnets ranges that no subnet has now, or go there in two steps"},
		}, true
	case errors.Is(err, drive.ErrStale):
		return *Stale("AWS", at), true
	}
	return Problem{}, false
}

// Stale is a plan that is no longer the plan, and what has changed since it was made.
func Stale(changed string, at Place) *Problem {
	p := Problem{
		Code: "PLN001", Text: "the plan is stale: " + changed + " has changed since it was made", Exit: Failed,
		Hints: []string{"look at the new one: berth plan" + at.Flags},
	}
	if changed != "AWS" {
		p.Hints = append(p.Hints, "a kept plan wants the files, variables and flags that it was made with: -f, --var, --region")
	}
	return &p
}

// misfit is a file that AWS cannot be brought to.
func misfit(err error, at Place) (Problem, bool) {
	var refusal *check.Refusal
	var quota *check.Quota
	switch {
	case errors.As(err, &refusal):
		return Problem{Code: refusal.Code, Text: refusal.Error(), Hints: refusal.Hints, Exit: Misused, Whole: refusal.Faults.String()}, true
	case errors.As(err, &quota):
		p := Problem{Code: "QTA001", Text: quota.Error() + "; nothing was made", Exit: Failed}
		for _, h := range quota.Hints() {
			p.Hints = append(p.Hints, strings.ReplaceAll(h, "--region REGION", "--region "+at.Region))
		}
		return p, true
	}
	return Problem{}, false
}

func held(err error, at Place) (Problem, bool) {
	var by *lease.Held
	switch {
	case errors.As(err, &by):
		return Problem{
			Code: "LCK001", Text: by.Error(), Exit: Failed,
			Hints: []string{"wait for it to end; a run that died is replaced 90 seconds after its last sign of life: " + at.Command},
		}, true
	case errors.Is(err, lease.ErrLost):
		return Problem{Code: "LCK002", Text: err.Error(), Exit: Failed, Hints: []string{"look at what the other run did: berth plan" + at.Flags}}, true
	}
	return Problem{}, false
}

// embedded is about the folder that keeps the embedded AWS.
func embedded(err error, at Place) (Problem, bool) {
	var locked *sim.Locked
	switch {
	case errors.As(err, &locked):
		return Problem{
			Code: "SIM001", Text: locked.Error(), Exit: Failed,
			Hints: []string{
				"wait for it to end: " + at.Command,
				"or serve one simulation to many: berth sim serve, then --endpoint-url http://127.0.0.1:4566",
			},
		}, true
	case errors.Is(err, world.ErrVersion):
		return Problem{Code: "SIM002", Text: err.Error(), Exit: Failed, Hints: []string{"forget it: berth sim reset" + at.Flags}}, true
	}
	return Problem{}, false
}

// Unreadable is a state of the embedded AWS that is no such thing.
func Unreadable(err error, at Place) *Problem {
	return &Problem{Code: "SIM003", Text: err.Error(), Exit: Failed, Hints: []string{"forget it: berth sim reset" + at.Flags}}
}

// Unserved is an address that the embedded AWS cannot be served at.
func Unserved(err error) *Problem {
	return &Problem{
		Code: "SIM004", Text: "cannot serve: " + err.Error(), Exit: Failed,
		Hints: []string{"any free port will do: berth sim serve --listen 127.0.0.1:0"},
	}
}

// Unreachable is an endpoint that nothing answers at.
func Unreachable(err error, at Place) *Problem {
	cause := err.Error()
	if dial, ok := errors.AsType[*net.OpError](err); ok {
		cause = dial.Err.Error()
		cause = cause[strings.LastIndex(cause, ": ")+1:]
	}
	return &Problem{
		Code: "AWS003", Text: "nothing answers at " + at.Endpoint + ": " + strings.TrimSpace(cause), Exit: Failed,
		Hints: []string{"start it, for example: berth sim serve"},
	}
}

// answer is an answer of AWS that nobody expected, or that there was none.
func answer(err error, at Place) (Problem, bool) {
	p, called := cloud.ProblemOf(err)
	text := p.String()
	switch {
	case !called:
		return Problem{}, false
	case cloud.Credentials(err):
		return Problem{Code: "AWS001", Text: "no usable AWS credentials: " + text, Hints: login(at), Exit: Denied}, true
	case p.Action != "":
		return denied(p, at), true
	case cloud.Exceeded(err):
		return Problem{Code: "QTA001", Text: text, Exit: Failed, Hints: []string{"ask AWS for more in the Service Quotas console, then: " + at.Command}}, true
	case cloud.Lost(err):
		return Problem{
			Code: "AWS003", Text: "AWS does not answer: " + text, Exit: Failed,
			Hints: []string{"check aws_region (" + at.Region + ") and the network, then: " + at.Command},
		}, true
	}
	if hints := byName(p, at); hints != nil {
		return Problem{Code: "AWS005", Text: text, Hints: hints, Exit: Failed}, true
	}
	return Problem{Code: "AWS004", Text: text, Exit: Failed}, true
}

// unsettled is a change that AWS took on and that came to nothing.
func unsettled(err error, at Place) (Problem, bool) {
	text, ok := errors.AsType[drive.Unsettled](err)
	if !ok {
		return Problem{}, false
	}
	p := Problem{Code: "RUN001", Text: string(text), Exit: Failed, Hints: byName(cloud.Problem{Message: string(text)}, at)}
	if p.Hints == nil {
		p.Hints = []string{"look at what stands: berth status" + at.Flags + "; when the reason is gone: " + at.Command}
	}
	return p, true
}

func login(at Place) []string {
	if at.Endpoint != "" {
		return []string{"an endpoint wants credentials too, and berth sim serve takes any: AWS_ACCESS_KEY_ID=any AWS_SECRET_ACCESS_KEY=any " + at.Command}
	}
	return []string{
		"try it without an account: " + at.Command + " --sim",
		"log in, for example: aws sso login --profile NAME, then: " + at.Command + " --profile NAME",
	}
}

// machine is a file or address of this machine that cannot be used.
func machine(err error, _ Place) (Problem, bool) {
	var path *fs.PathError
	if !errors.As(err, &path) {
		return Problem{}, false
	}
	return Problem{Code: "FIL001", Text: err.Error(), Exit: Failed, Hints: []string{"check that it is there and may be used: ls -ld " + shell(path.Path)}}, true
}
