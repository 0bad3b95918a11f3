package hear

import (
	"strings"

	"berth/internal/diagnose"
	"berth/internal/diagnose/reason"
	"berth/internal/live"
	"berth/internal/watch"
)

// group tells what a launch or a termination that failed says.
func (l *listener) group(launch bool) ([]watch.Signal, error) {
	d := &l.Detail
	if !strings.HasPrefix(d.ScalingGroup, l.scope.Mark()+"_") {
		return nil, refuse("it is of Auto Scaling group %q", quotable(d.ScalingGroup))
	}
	of := live.Subject{Kind: aGroup, Name: d.ScalingGroup}
	s := terminateFailed(of)
	if launch {
		s = launchFailed(d, of)
	}
	s.Evidence = nil
	if d.Message != "" {
		s.Evidence = append(s.Evidence, "AWS says: "+d.Message)
	}
	if d.Cause != "" {
		s.Evidence = append(s.Evidence, "Auto Scaling did it because: "+d.Cause)
	}
	s.ID, s.At = or(d.Activity, l.ID), l.when(moment(d.End))
	return []watch.Signal{s}, nil
}

// launchFailed is a group that gets no instance, in the words that a diagnosis of the group would have.
func launchFailed(d *detail, of live.Subject) watch.Signal {
	g := live.Group{Name: d.ScalingGroup, Desired: 1, Failures: []live.Event{{Text: d.Message}}}
	if d.Details.Zone != "" {
		g.Zones, g.Failures[0].Text = []string{d.Details.Zone}, d.Message+" "+d.Details.Zone
	}
	s := told(diagnose.Of(live.Capture{Groups: []live.Group{g}})[0], of, "")
	if why := lacking(d.Message); s.Code == reason.NoLaunch && why != "" {
		s.Text += ": " + why
	}
	return s
}

// lacking is what keeps a group from launching, where AWS's words are known (EC2 API reference, "Error codes").
func lacking(status string) string {
	for _, known := range []struct{ words, what string }{
		{"vCPU limit", "the account's quota of vCPUs for this kind of instances is used up"},
		{"VcpuLimitExceeded", "the account's quota of vCPUs for this kind of instances is used up"},
		{"Max spot instance count exceeded", "the account's quota of Spot Instances is used up (L-34B43A08)"},
		{"MaxSpotInstanceCountExceeded", "the account's quota of Spot Instances is used up (L-34B43A08)"},
		{"instance limit", "the account's quota of instances is used up"},
		{"InstanceLimitExceeded", "the account's quota of instances is used up"},
		{"Volume limit", "the account's quota of volumes is used up"},
		{"VolumeLimitExceeded", "the account's quota of volumes is used up"},
		{"free addresses", "the subnet has no free address"},
		{"InsufficientFreeAddressesInSubnet", "the subnet has no free address"},
		{"AMI", "its image is not there any more, or not for this account"},
		{"key pair", "its key pair is not there any more"},
		{"security group", "its security group is not there any more"},
		{"IAM Instance Profile", "its instance profile is not there, or not yet"},
		{"not supported", "its instance type is not offered in that zone"},
	} {
		if strings.Contains(status, known.words) {
			return known.what
		}
	}
	return ""
}

// terminateFailed is a group that cannot get rid of an instance.
func terminateFailed(of live.Subject) watch.Signal {
	return told(diagnose.Diagnosis{
		Code: reason.NoLaunch, Text: "group " + of.Name + " cannot terminate an instance",
		Fix: "AWS's words say what is wrong; the group tries on. To see more: aws autoscaling describe-scaling-activities --auto-scaling-group-name " + of.Name,
	}, of, "")
}
