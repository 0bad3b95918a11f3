package dst

import "testing"

// small is the original's file: two zones, one instance.
const small = `
environment          = "acc"
aws_region           = "eu-west-1"
vpc_cidr             = "10.0.0.0/16"
availability_zones   = ["eu-west-1a", "eu-west-1b"]
max_size             = 1
min_size             = 1
desired_capacity     = 1
instance_type        = "t2.micro"
`

// changed is small with nearly every kind of change: a zone, a group, a load balancer and tags come, the NAT gateways
// become one, the instances become others.
const changed = `
environment          = "acc"
aws_region           = "eu-west-1"
vpc_cidr             = "10.0.0.0/16"
availability_zones   = ["eu-west-1a", "eu-west-1b", "eu-west-1c"]
nat                  = "single"
max_size             = 4
min_size             = 2
desired_capacity     = 2
instance_type        = "t3.small"
instance_groups      = { batch = { instance_type = "m7g.large", max_size = 2 } }
load_balancers       = { public = {}, legacy = { type = "classic", instance_port = 8080 } }
tags                 = { team = "platform" }
`

func TestAnApplyThatDiesAtAnyCallIsFinishedByTheNext(t *testing.T) {
	t.Parallel()
	c := Load(t, small)
	golden := NewRig(1)
	deaths := golden.deaths(t, each, func() error { return golden.Apply(c) })
	golden.Settle()
	want := golden.Census()
	for r := range deaths {
		t.Run(r.name, func(t *testing.T) {
			if err := r.Apply(c); err != nil {
				t.Fatal(err)
			}
			r.Settle()
			r.Agrees(t, c, "after the second run")
			if got := r.Census(); got != want {
				t.Errorf("the world differs from one in which nothing died:\n%s\nwant:\n%s", got, want)
			}
		})
	}
}

func TestADestroyThatDiesAtAnyCallIsFinishedByTheNext(t *testing.T) {
	t.Parallel()
	c := Load(t, small)
	golden := NewRig(1)
	if err := golden.Apply(c); err != nil {
		t.Fatal(err)
	}
	golden.Settle()
	deaths := golden.deaths(t, each, func() error { return golden.Destroy(c) })
	golden.Settle()
	want := golden.Census()
	for r := range deaths {
		t.Run(r.name, func(t *testing.T) {
			if err := r.Destroy(c); err != nil {
				t.Fatal(err)
			}
			r.Settle()
			if got := r.Census(); got != want {
				t.Errorf("something is left behind:\n%s\nwant:\n%s", got, want)
			}
		})
	}
}

func TestAChangeThatDiesAtAnyCallIsFinishedByTheNext(t *testing.T) {
	t.Parallel()
	before, after := Load(t, small), Load(t, changed)
	golden := NewRig(1)
	if err := golden.Apply(before); err != nil {
		t.Fatal(err)
	}
	golden.Settle()
	deaths := golden.deaths(t, 24, func() error { return golden.Apply(after) })
	golden.Settle()
	want := golden.Census()
	for r := range deaths {
		t.Run(r.name, func(t *testing.T) {
			if err := r.Apply(after); err != nil {
				t.Fatal(err)
			}
			r.Settle()
			r.Agrees(t, after, "after the second run")
			if got := r.Census(); got != want {
				t.Errorf("the world differs from one in which nothing died:\n%s\nwant:\n%s", got, want)
			}
		})
	}
}
