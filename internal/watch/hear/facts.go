package hear

import (
	"fmt"
	"time"

	"berth/internal/diagnose"
	"berth/internal/diagnose/reason"
	"berth/internal/live"
	"berth/internal/watch"
)

// Facts are what a look found that a capture does not hold.
type Facts struct {
	Since       time.Time // of the look before: what ended long before it is not told again; zero: everything is
	Unconfirmed []string  // alerts whose receiver has not agreed yet, by name
	Absent      []string  // alerts that AWS does not know, by name
	EndOfLife   []Image
}

// Image is a machine image that instances of a group run, or will start from, and that AWS will not have for ever.
type Image struct {
	Group  string    // Auto Scaling group
	AMI    string    // its id
	Family string    // "al2", "bottlerocket"; empty: not known
	Since  time.Time // from when on it is deprecated, or AWS does not care for its family any more
	Gone   bool      // it was deregistered: no instance starts from it
}

// signal is an image at its end.
func (i Image) signal(now time.Time) watch.Signal {
	of := live.Subject{Kind: aGroup, Name: i.Group}
	name := i.AMI
	if i.Family != "" {
		name += " (" + i.Family + ")"
	}
	d := diagnose.Diagnosis{Code: oldImage, Text: fmt.Sprintf("group %s runs image %s, which is deprecated since %s", i.Group, name, i.Since.UTC().Format(time.DateOnly)), Fix: "name a newer one, or let berth choose (ami in ecs.tfvars), then berth apply, and replace the instances one at a time"}
	switch {
	case i.Gone:
		d.Text = fmt.Sprintf("group %s runs image %s, which is not there any more: no instance can start from it", i.Group, name)
	case i.Since.After(now):
		d.Text = fmt.Sprintf("group %s runs image %s, which will be deprecated on %s", i.Group, name, i.Since.UTC().Format(time.DateOnly))
	}
	s := told(d, of, "")
	if i.Gone {
		s.Severity = watch.Error
	}
	return s
}

// missing is a group of which not all instances have joined the cluster.
func missing(g live.Group, joined int) watch.Signal {
	return told(diagnose.Diagnosis{
		Code: reason.NotJoined, Text: fmt.Sprintf("%d of %d instances of group %s are in the cluster: the others run, and no agent has registered them", joined, g.Instances, g.Name),
		Fix: "see which ones: aws autoscaling describe-auto-scaling-groups --auto-scaling-group-names " + g.Name + "; then berth why INSTANCE",
	}, live.Subject{Kind: aGroup, Name: g.Name}, "")
}
