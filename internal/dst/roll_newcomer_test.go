package dst

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling/types"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	ec2types "github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"berth/internal/drive/rolling"
	"berth/internal/lease"
	"berth/internal/model"
	"berth/internal/roll"
	"berth/internal/sim/world"
)

// newcomerModes begin with what new instances are like, and why old ones are old.
func newcomerModes() []mode {
	return []mode{
		{"11 new instances never join", func(r *rota) {
			r.fault("image acc/1 never registers")
			r.flops("it has not joined the cluster")
		}},
		{"11 new instances never boot", func(r *rota) {
			r.fault("image acc/1 never boots")
			r.flops("it has not joined the cluster")
		}},
		{"11 new instances join, and then their agent is gone", func(r *rota) {
			r.once(joined, func(r *rota) { r.fault("agent of " + r.launched()[0] + " gone") })
			r.flops("its ECS agent does not answer")
		}},
		{"11 a daemon does not start on new instances", func(r *rota) {
			r.fault("pulls of berth.sim/guard fail as missing")
			r.flops("the daemon guard does not run there yet")
		}},
		{"11 the probe fails on a new instance", func(r *rota) {
			r.order.Probe = *r.define("probe", "berth.sim/probe:1?once=5s&exit=3")
			r.flops("the probe failed")
		}},
		{"11 the probe succeeds", func(r *rota) {
			r.order.Probe = *r.define("probe", "berth.sim/probe:1?once=5s")
			r.ends(roll.Replaced)
			r.replaced(3)
			if n := len(r.called("StartTask")) + len(r.called("RunTask")); n != 1 {
				r.t.Errorf("%d probes ran\n%s", n, r.story())
			}
		}},
		{"11 the first new instance is good, and the others never join", func(r *rota) {
			r.once(halfway, func(r *rota) { r.fault("image acc/1 never registers") })
			r.ends(roll.Failed, "it has not joined the cluster")
			r.replaced(1)
		}},
		{"21 the group gets another version of its launch template meanwhile", func(r *rota) {
			r.once(halfway, (*rota).renews)
			r.comes(roll.Replaced)
			r.replaced(3)
			if n := len(r.launched()); n != 3 {
				r.t.Errorf("it launched %d instances for 3\n%s", n, r.story())
			}
		}},
		{"21 a newer AMI comes meanwhile", func(r *rota) {
			images := map[string]bool{}
			r.once(halfway, func(r *rota) { r.pass(90 * 24 * time.Hour) })
			r.comes(roll.Replaced)
			r.replaced(3)
			for _, n := range r.nodes() {
				images[n.image] = true
			}
			if len(images) != 1 {
				r.t.Errorf("its instances have the images %v\n%s", images, r.story())
			}
		}},
		{"21 nobody changes the file meanwhile", func(r *rota) {
			r.before, r.first = r.meant(), r.ids()
			r.vow()
			one, two := r.person("anna"), r.person("otto")
			two.after = 3 * time.Minute
			two.does = func(ctx context.Context, run *rolling.Roll) error {
				_, err := lease.Take(ctx, run.Cloud, run.Scope.BucketName(), lease.Infra, run.Who)
				return err
			}
			r.together(one, two)
			if held(two.err) != "anna" || one.d.Outcome != roll.Replaced {
				r.t.Errorf("otto is told %v, and the roll is %s", two.err, one.d.Outcome)
			}
		}},
		{"21 two architectures", func(r *rota) {
			r = newRota(r.t, usual, mixed, aged)
			r.ends(roll.Replaced)
			r.replaced(4)
			archs := map[string]bool{}
			for _, n := range r.looks[len(r.looks)-1].Memory.News {
				if n.Canary {
					archs[n.Arch] = true
				}
			}
			if len(archs) != 2 {
				r.t.Errorf("the first new instances are of %v\n%s", archs, r.story())
			}
		}},
		{"22 every reason to be outdated", (*rota).reasons},
		{"24 new instances never join, and old ones cannot be emptied", func(r *rota) {
			r.fault("image acc/1 never registers")
			r.must(protect(r.t.Context(), r.ecs, 6, 2800))
			for range 2 {
				r.ends(roll.Failed, "it has not joined the cluster")
				r.replaced(0)
				r.pass(24 * time.Hour)
				r.watch()
			}
			if ready := slices.DeleteFunc(r.nodes(), func(n node) bool { return !n.ready }); len(ready) != 3 {
				r.t.Errorf("%d instances are ready", len(ready))
			}
		}},
		{"24 the first new instance is good, the others never join, and drains do not end", func(r *rota) {
			r.order.DrainTimeout = 5 * time.Minute
			r.once(halfway, func(r *rota) {
				r.fault("image acc/1 never registers")
				r.must2(protect(r.t.Context(), r.ecs, 6, 2800))
			})
			r.ends(roll.Failed)
			r.replaced(1)
		}},
	}
}

// mixed is a cluster whose groups have different processors.
const mixed = `
environment        = "acc"
aws_region         = "eu-west-1"
vpc_cidr           = "10.0.0.0/16"
availability_zones = ["eu-west-1a", "eu-west-1b"]
instance_type      = "t3.large"
min_size           = 2
max_size           = 4
desired_capacity   = 2
managed_scaling    = false
instance_groups    = { arm = { instance_type = "t4g.large", min_size = 2, max_size = 4, desired_capacity = 2 } }
load_balancers     = { public = {} }
`

// joined is a decision in which a new instance has joined.
func joined(_ roll.Snapshot, d roll.Decision) bool {
	return slices.ContainsFunc(d.Memory.News, func(n roll.New) bool { return n.ARN != "" })
}

// flops wants a roll whose first new instance is no good to end as if it had never begun.
func (r *rota) flops(why string) {
	r.t.Helper()
	r.order.JoinTimeout = 6 * time.Minute
	r.ends(roll.Failed, why)
	r.replaced(0)
	if n := len(r.drains()); n > 1 { // the new one, on its way out
		r.t.Errorf("%d drains were begun\n%s", n, r.story())
	}
	r.spared()
}

// reasons wants every change of the file to make instances outdated for its own reason, and none for another.
func (r *rota) reasons() {
	young := newRota(r.t, func(*rota) {}, trio, "tags = {}")
	for name, x := range map[string]struct { // unordered: each is by itself
		change string
		want   model.ReasonKind
	}{
		"nothing":         {"", ""},
		"user data":       {aged, model.OldUserData},
		"the AMI":         {`ami_family = "bottlerocket"`, model.OldAMI},
		"the type":        {`instance_type = "m7i.large"`, model.OldType},
		"the volume":      {`volume = { size_gib = 77 }`, model.OldVolume},
		"the key":         {`ssh_public_key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f ops"`, model.OldSettings},
		"its age":         {"", model.TooOld},
		"somebody's wish": {"", model.Forced},
	} {
		one := young.on(young.stand.fork(r.t))
		if one.becomes(trio); x.change != "" {
			one.becomes(trio, x.change)
		}
		switch x.want {
		case model.TooOld:
			one.order.MaxAge = time.Minute
		case model.Forced:
			one.order.All = true
		}
		s, err := one.drive("").Look(r.t.Context())
		r.must(err)
		olds := roll.Targets(s)
		if x.want == "" {
			if len(olds) > 0 {
				r.t.Errorf("%s: %+v", name, olds)
			}
			continue
		}
		if len(olds) != 3 {
			r.t.Errorf("%s: %d instances are outdated", name, len(olds))
		}
		for _, o := range olds {
			if !slices.ContainsFunc(o.Reasons, func(why model.Reason) bool { return why.Kind == x.want }) {
				r.t.Errorf("%s: %s is outdated for %+v", name, o.ID, o.Reasons)
			}
			for _, why := range o.Reasons {
				if strings.Contains(why.Have+why.Want, "echo") {
					r.t.Errorf("%s: user data is shown: %+v", name, why)
				}
			}
		}
	}
}

// renews makes the group launch from another version of its launch template, as somebody else would.
func (r *rota) renews() {
	r.t.Helper()
	in := &autoscaling.UpdateAutoScalingGroupInput{}
	var from world.TemplateRef
	r.Rig.group(func(g *world.ScalingGroup) { in.AutoScalingGroupName, from = &g.Name, g.Template })
	c, name := r.client(), &from.Name
	if from.Name == "" {
		r.t.Fatalf("the group launches from %+v", from)
	}
	made, err := c.EC2.CreateLaunchTemplateVersion(r.t.Context(), &ec2.CreateLaunchTemplateVersionInput{
		LaunchTemplateName: name, SourceVersion: &from.Version, LaunchTemplateData: &ec2types.RequestLaunchTemplateData{UserData: new("ZWNobyBhbm90aGVyIG9uZQ==")},
	})
	r.must2(err)
	in.LaunchTemplate = &types.LaunchTemplateSpecification{LaunchTemplateName: name, Version: new(fmt.Sprint(*made.LaunchTemplateVersion.VersionNumber))}
	_, err = c.Groups.UpdateAutoScalingGroup(r.t.Context(), in)
	r.must2(err)
}
