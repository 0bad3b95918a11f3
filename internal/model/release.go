package model

import "time"

// Release is a machine image as its users know it: what is in it, and how old it is.
type Release struct {
	ID         string
	Name       string    // AWS's own name: al2023-ami-ecs-hvm-2023.0.20261015-kernel-6.1-x86_64
	Built      time.Time // zero: not known
	Deprecated time.Time // from when on AWS hides it from others than its owner; zero: never, or not known
	Agent      string    // version of the ECS agent; empty: not known
	Docker     string    // version of Docker; empty: not known
	Missing    bool      // AWS does not know it any more
}

// Software is what an instance says that it runs.
type Software struct{ Agent, Docker string }

// SupportEnds is when AWS ends the support of a family of images; zero for one without a date. After it there are no more security
// fixes, however new an image is (Amazon Linux 2 FAQs; Amazon Linux 2023 user guide, "Release cadence").
func SupportEnds(family string) time.Time {
	switch family {
	case "al2":
		return time.Date(2026, 6, 30, 0, 0, 0, 0, time.UTC)
	case "al2023":
		return time.Date(2029, 6, 30, 0, 0, 0, 0, time.UTC)
	default:
		return time.Time{}
	}
}
