package watch

import (
	"slices"
	"strings"
	"time"
)

// settle tells what is due: of the incidents that were touched, and of all when something can have come due by itself.
func (b *book) settle() {
	if b.due.IsZero() || !b.now.Before(b.due) {
		b.due = b.now.Add(expiry)
		for _, i := range b.Incidents {
			b.judge(i)
		}
		b.forget(b.now)
		return
	}
	for _, i := range b.touched {
		b.judge(i)
	}
}

// expiry is after how long a cause that nobody hears of any more counts as over.
const expiry = 24 * time.Hour

// judge opens an incident, tells that it has grown, or that it is over.
func (b *book) judge(i *Incident) {
	switch {
	case !i.Resolved.IsZero():
		return
	case i.Opened.IsZero():
		b.await(i)
	case b.over(i):
		b.end(i)
	case b.grew(i):
		b.tell(i, Grown)
	}
	if i.Resolved.IsZero() {
		if next := b.next(i); next.Before(b.due) {
			b.due = next
		}
	}
}

// await opens an incident that has lasted long enough, and drops one that is over before. Of what was over before anybody heard of
// it people are told once, that it was.
func (b *book) await(i *Incident) {
	switch {
	case i.well() && i.Late:
		i.Opened = i.Began
		b.end(i)
	case i.well():
		b.drop(i)
	case b.now.Before(i.Due):
	default:
		kind := Opened
		if i.Flaps > 0 {
			kind = Reopened
		}
		i.Opened, i.Due = b.now, time.Time{}
		b.tell(i, kind)
	}
}

// drop takes back an incident that nobody was told of, or was told of before.
func (b *book) drop(i *Incident) {
	i.Resolved = b.now
	b.leave(i)
	if i.Flaps > 0 && i.Changes > 0 {
		i.Opened = i.Began
		b.past[i.Cause] = i
	}
}

// end resolves an incident.
func (b *book) end(i *Incident) {
	i.Resolved, i.Due = b.now, time.Time{}
	b.tell(i, Resolved)
	b.leave(i)
	b.past[i.Cause] = i
}

// leave takes an incident out of the index of live ones.
func (b *book) leave(i *Incident) {
	if b.live[i.Cause] == i {
		delete(b.live, i.Cause)
	}
	for _, m := range i.Members {
		list := b.at[m.Name]
		for n := range list {
			if list[n] == i {
				b.at[m.Name] = append(list[:n:n], list[n+1:]...)
				break
			}
		}
		if len(b.at[m.Name]) == 0 {
			delete(b.at, m.Name)
		}
	}
}

// over tells whether a cause is gone: all members are well, and nothing was heard for a while; or nothing was heard for long.
func (b *book) over(i *Incident) bool {
	rest := b.now.Sub(i.Last)
	switch {
	case i.Cause.job():
		return i.well() || rest >= i.Cause.quiet()
	case i.well():
		return rest >= i.calm()
	}
	return rest >= expiry
}

// calm is for how long an incident must be quiet: longer each time that it came back.
func (i *Incident) calm() time.Duration {
	return min(i.Cause.quiet()<<min(i.Flaps, 4), time.Hour)
}

// How often growth is told: not again within a while, which gets longer each time.
const (
	firstGrowth = 5 * time.Minute
	lastGrowth  = time.Hour
	worseGrowth = time.Minute // what got more severe is told sooner
)

// grew tells whether there is news of an incident that people should have now.
func (b *book) grew(i *Incident) bool {
	since := b.now.Sub(i.Told.At)
	switch {
	case i.Severity > i.Told.Severity:
		return since >= worseGrowth
	case i.all() > i.Told.Members, len(i.Also) > i.Told.Also, i.Count >= 10*max(i.Told.Count, 1):
		return since >= i.pause() && !i.well() // its end will tell it
	}
	return false
}

// pause is how long people are left alone after they were told of an incident.
func (i *Incident) pause() time.Duration { return min(firstGrowth<<min(i.Told.Times, 4), lastGrowth) }

// next is when something may come due by itself.
func (b *book) next(i *Incident) time.Time {
	next := i.Last.Add(expiry)
	sooner := func(at time.Time) {
		if at.After(b.now) && at.Before(next) {
			next = at
		}
	}
	if i.Opened.IsZero() {
		sooner(i.Due)
		return next
	}
	if i.Cause.job() {
		sooner(i.Last.Add(i.Cause.quiet()))
	}
	if i.well() {
		sooner(i.Last.Add(i.calm()))
	}
	if i.Severity > i.Told.Severity {
		sooner(i.Told.At.Add(worseGrowth))
	}
	if i.all() > i.Told.Members || len(i.Also) > i.Told.Also || i.Count >= 10*max(i.Told.Count, 1) {
		sooner(i.Told.At.Add(i.pause()))
	}
	return next
}

// vague tells codes that say little of the cause.
func vague(code string) bool {
	return strings.HasSuffix(code, "999") || slices.Contains([]string{"WHY108", "WHY201", "WHY411", "WHY601", "WHY705"}, code)
}
