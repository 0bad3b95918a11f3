package rolling

import (
	"context"
	"errors"
	"time"

	"berth/internal/cli/problem"
	"berth/internal/lease"
	"berth/internal/render/ink"
	shown "berth/internal/render/rolling"
	"berth/internal/roll"
	"berth/internal/roll/decide"
)

// status shows how far the roll is.
func (t Tool) status(ctx context.Context, c Cluster) error {
	j, err := t.glance(ctx, c)
	if err != nil {
		return err
	}
	m, _, found, err := j.run.Standing(ctx)
	if err != nil {
		return j.not(err)
	}
	if !found || m.Stage == roll.Over {
		return j.display(shown.Status{Found: found, Memory: m})
	}
	if j, err = t.open(ctx, c); err != nil {
		return err
	}
	s, err := j.run.Look(ctx)
	if err != nil {
		return j.not(err)
	}
	if s.Memory.Stage == roll.Begin {
		return j.display(shown.Status{Found: found, Memory: m}) // it has ended meanwhile
	}
	return j.tell(ctx, s)
}

// tell shows a roll that is not finished: what it remembers, who runs it, and what it waits for.
func (j *job) tell(ctx context.Context, s roll.Snapshot) error {
	_, holder, _, err := j.run.Standing(ctx)
	if err != nil {
		return j.not(err)
	}
	st := shown.Status{Found: true, Memory: s.Memory, Command: s.Command, Waits: decide.Decide(s).Why}
	if holder != nil {
		st.Holder, st.Run = holder.String(), holder.Run
		if silent := j.Cloud.Clock.Now().Sub(holder.Renewed); silent > lease.TTL && !holder.Renewed.IsZero() {
			st.Run, st.Holder = "", "nobody; "+holder.String()+" was at work, and has died: its last sign of life is "+ink.Span(silent.Round(time.Second))+" old"
		}
	}
	return j.display(st)
}

// display shows a status.
func (j *job) display(st shown.Status) error {
	st.Cluster, st.At, st.All = j.run.Scope.ClusterName(), j.Cloud.Clock.Now(), j.Verbose()
	st.Fix, st.Next = j.after(roll.Decision{Memory: st.Memory, Outcome: st.Memory.End})
	if st.Unfinished() {
		st.Next = j.commands(st)
	}
	if j.JSON() {
		return j.Data(st.JSON())
	}
	return j.Print(st.Text(j.Style(true)))
}

// commands are those that make sense while a roll is not finished.
func (j *job) commands(st shown.Status) []string {
	below := func(name, what string) string { return "berth roll " + name + j.Flags() + "    (" + what + ")" }
	var next []string
	switch {
	case st.Run == "", st.Command == roll.Pause:
		next = append(next, below("resume", "goes on"))
	case st.Command == roll.GoOn:
		next = append(next, below("pause", "begins nothing new"))
	}
	if st.Command != roll.Abort && st.Command != roll.Undo {
		next = append(next, below("abort", "puts back what was begun"))
	}
	if st.Command != roll.Undo {
		next = append(next, below("undo", "gives the old instances that still stand their work back"))
	}
	return next
}

// signal tells the roll that is under way what to do, or does it where nobody is at work on it.
func (t Tool) signal(ctx context.Context, c Cluster, s signal) error {
	j, err := t.glance(ctx, c)
	if err != nil {
		return err
	}
	m, holder, found, err := j.run.Standing(ctx)
	switch {
	case err != nil:
		return j.not(err)
	case !found || m.Stage == roll.Over || m.Stage == roll.Begin:
		return j.idle()
	}
	if s.command == roll.Pause {
		if err := j.run.Signal(ctx, s.command); err != nil {
			return j.not(err)
		}
		return j.obeyed(s, holder)
	}
	if j, err = t.open(ctx, c); err != nil {
		return err
	}
	want := map[roll.Command]roll.Outcome{roll.GoOn: roll.Replaced, roll.Abort: roll.Aborted, roll.Undo: roll.Undone}[s.command]
	j.obeys = func() error { return j.obeyed(s, holder) }
	err = j.carryOut(ctx, usually, want, func(ctx context.Context) error { return j.run.Signal(ctx, s.command) })
	var p *problem.Problem
	if errors.As(err, &p) && p.Code == idleCode {
		return j.over(ctx, want)
	}
	return err
}

// over is a roll that has come to its end while it was told something.
func (j *job) over(ctx context.Context, want roll.Outcome) error {
	m, _, found, err := j.run.Standing(ctx)
	if err != nil {
		return j.not(err)
	}
	if err := j.display(shown.Status{Found: found, Memory: m}); err != nil {
		return err
	}
	if code := Exit(m.End); m.End != want && code != problem.Done {
		return problem.Quiet(code)
	}
	return nil
}

// obeyed says who carries the command out.
func (j *job) obeyed(s signal, holder *lease.Holder) error {
	who := "whoever goes on with the roll"
	if holder != nil {
		who = holder.String()
	}
	if j.JSON() {
		return j.Data(shown.Told(j.run.Scope.ClusterName(), s.name, who))
	}
	j.Say("told to %s, and obeys at its next look: %s\n", s.name, ink.Clean(who))
	j.Say("how far it is: berth roll status%s\n", j.Flags())
	return nil
}
