package asg

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling/types"

	"berth/internal/sim/world"
)

// readMixed reads a mixed instances policy; what it leaves out it takes from old, or from AWS's defaults.
func readMixed(r *world.Region, in *types.MixedInstancesPolicy, old *world.MixedInstances) (*world.MixedInstances, error) {
	m := world.MixedInstances{OnDemandStrategy: "prioritized", SpotStrategy: "lowest-price", OnDemandPercentage: 100, SpotPools: 2}
	if old != nil {
		m = *old
	}
	if in.LaunchTemplate == nil && old == nil {
		return nil, missing("mixedInstancesPolicy.launchTemplate")
	}
	if in.LaunchTemplate != nil {
		if err := readMixedTemplate(r, in.LaunchTemplate, &m); err != nil {
			return nil, err
		}
	}
	if in.InstancesDistribution != nil {
		if err := readDistribution(in.InstancesDistribution, &m); err != nil {
			return nil, err
		}
	}
	return &m, nil
}

func readMixedTemplate(r *world.Region, in *types.LaunchTemplate, m *world.MixedInstances) error {
	if in.LaunchTemplateSpecification != nil {
		ref, err := readTemplate(r, in.LaunchTemplateSpecification)
		if err != nil {
			return err
		}
		m.Template = ref
	}
	if m.Template.ID == "" {
		return missing("mixedInstancesPolicy.launchTemplate.launchTemplateSpecification")
	}
	if in.Overrides == nil {
		return nil
	}
	m.Overrides = nil
	for _, o := range in.Overrides {
		override, err := readOverride(r, o)
		if err != nil {
			return err
		}
		m.Overrides = append(m.Overrides, override)
	}
	return checkOverrides(m.Overrides)
}

func readOverride(r *world.Region, in types.LaunchTemplateOverrides) (world.InstanceOverride, error) {
	o := world.InstanceOverride{Type: aws.ToString(in.InstanceType), Weight: aws.ToString(in.WeightedCapacity)}
	if in.InstanceRequirements != nil || in.ImageId != nil {
		return o, invalid("Overrides by instance requirements or image are not offered in this Region")
	}
	if o.Type == "" {
		return o, missing("mixedInstancesPolicy.launchTemplate.overrides.instanceType")
	}
	if in.LaunchTemplateSpecification != nil {
		ref, err := readTemplate(r, in.LaunchTemplateSpecification)
		if err != nil {
			return o, err
		}
		o.Template = &ref
	}
	return o, nil
}

func checkOverrides(all []world.InstanceOverride) error {
	for i, o := range all {
		if slices.ContainsFunc(all[:i], func(x world.InstanceOverride) bool { return x.Type == o.Type }) {
			return invalid("Launch template overrides cannot contain duplicate instance types: %s", o.Type)
		}
		if n, err := strconv.Atoi(o.Weight); o.Weight != "" && (err != nil || n < 1 || n > 999) {
			return invalid("WeightedCapacity must be an integer between 1 and 999")
		}
		if (o.Weight == "") != (all[0].Weight == "") {
			return invalid("If you specify a weighted capacity for one instance type, you must specify it for all of them")
		}
	}
	return nil
}

func readDistribution(in *types.InstancesDistribution, m *world.MixedInstances) error {
	m.OnDemandStrategy = cmp.Or(aws.ToString(in.OnDemandAllocationStrategy), m.OnDemandStrategy)
	if !slices.Contains([]string{"prioritized", "lowest-price"}, m.OnDemandStrategy) {
		return invalid("The allocation strategy '%s' is invalid for On-Demand capacity", m.OnDemandStrategy)
	}
	m.SpotStrategy = cmp.Or(aws.ToString(in.SpotAllocationStrategy), m.SpotStrategy)
	if !slices.Contains(spotStrategies(), m.SpotStrategy) {
		return invalid("The allocation strategy '%s' is invalid for Spot capacity", m.SpotStrategy)
	}
	if err := setBetween(&m.OnDemandBase, in.OnDemandBaseCapacity, "OnDemandBaseCapacity", 0, 1<<31-1); err != nil {
		return err
	}
	if err := setBetween(&m.OnDemandPercentage, in.OnDemandPercentageAboveBaseCapacity, "OnDemandPercentageAboveBaseCapacity", 0, 100); err != nil {
		return err
	}
	if m.SpotStrategy != "lowest-price" {
		if in.SpotInstancePools != nil && *in.SpotInstancePools != 0 {
			return invalid("SpotInstancePools option is only available with the lowest-price allocation strategy.")
		}
		m.SpotPools = 0
	} else if err := setBetween(&m.SpotPools, in.SpotInstancePools, "SpotInstancePools", 1, 20); err != nil {
		return err
	}
	if in.SpotMaxPrice != nil {
		m.SpotMaxPrice = *in.SpotMaxPrice
	}
	return nil
}

func spotStrategies() []string {
	return []string{"lowest-price", "capacity-optimized", "capacity-optimized-prioritized", "price-capacity-optimized"}
}

// setBetween sets a number that a call may carry, and refuses one out of range.
func setBetween(to *int, value *int32, name string, least, most int) error {
	if value == nil {
		return nil
	}
	if int(*value) < least || int(*value) > most {
		return invalid("%s must be between %d and %d", name, least, most)
	}
	*to = int(*value)
	return nil
}

func viewMixed(m *world.MixedInstances) *types.MixedInstancesPolicy {
	if m == nil {
		return nil
	}
	v := &types.MixedInstancesPolicy{
		LaunchTemplate: &types.LaunchTemplate{LaunchTemplateSpecification: viewTemplate(m.Template)},
		InstancesDistribution: &types.InstancesDistribution{
			OnDemandAllocationStrategy: aws.String(m.OnDemandStrategy), SpotAllocationStrategy: aws.String(m.SpotStrategy),
			OnDemandBaseCapacity:                aws.Int32(int32(m.OnDemandBase)),
			OnDemandPercentageAboveBaseCapacity: aws.Int32(int32(m.OnDemandPercentage)),
		},
	}
	if m.SpotPools > 0 {
		v.InstancesDistribution.SpotInstancePools = aws.Int32(int32(m.SpotPools))
	}
	if m.SpotMaxPrice != "" {
		v.InstancesDistribution.SpotMaxPrice = aws.String(m.SpotMaxPrice)
	}
	for _, o := range m.Overrides {
		view := types.LaunchTemplateOverrides{InstanceType: aws.String(o.Type)}
		if o.Weight != "" {
			view.WeightedCapacity = aws.String(o.Weight)
		}
		if o.Template != nil {
			view.LaunchTemplateSpecification = viewTemplate(*o.Template)
		}
		v.LaunchTemplate.Overrides = append(v.LaunchTemplate.Overrides, view)
	}
	return v
}

// offer is one way to launch an instance: a type (empty: the template's own), its template, and what it counts.
type offer struct {
	typ, weightText string
	weight          int
	template        world.TemplateRef
	configuration   string // name of a launch configuration, instead of a template
}

// offers are the ways to launch an instance, the preferred first.
func (g group) offers() []offer {
	if g.Configuration != "" {
		return []offer{{weight: 1, configuration: g.Configuration}}
	}
	if g.Mixed == nil {
		return []offer{{weight: 1, template: g.numbered(g.Template)}}
	}
	if len(g.Mixed.Overrides) == 0 {
		return []offer{{weight: 1, template: g.numbered(g.Mixed.Template)}}
	}
	var out []offer
	for _, o := range g.Mixed.Overrides {
		next := offer{typ: o.Type, weightText: o.Weight, weight: 1, template: g.Mixed.Template}
		if o.Template != nil {
			next.template = *o.Template
		}
		if n, err := strconv.Atoi(o.Weight); err == nil {
			next.weight = n
		}
		next.template = g.numbered(next.template)
		out = append(out, next)
	}
	return out
}

// Matches tells whether a member is as its group would launch it now.
func Matches(r *world.Region, row *world.ScalingGroup, m *world.GroupMember) bool {
	return slices.ContainsFunc(group{ScalingGroup: row, r: r}.offers(), func(o offer) bool {
		return o.configuration == m.Configuration && o.template.ID == m.Template.ID && o.template.Version == m.Template.Version && (o.typ == "" || o.typ == m.Type)
	})
}

// wantsSpot tells whether the next instance is to be a Spot Instance: On-Demand fills the base first, and then its
// share, rounded up, of what is above (Auto Scaling user guide, "Auto Scaling groups with multiple instance types").
func (g group) wantsSpot() bool {
	if g.Mixed == nil {
		return false
	}
	total, onDemand := g.shares()
	return onDemand >= onDemandShare(g.Mixed, total+1)
}

// shares are the group's capacity and how much of it is On-Demand.
func (g group) shares() (total, onDemand int) {
	for m := range g.Members.Rows() {
		if stays(m) {
			total += m.Weight
			if !m.Spot {
				onDemand += m.Weight
			}
		}
	}
	return total, onDemand
}

// onDemandShare is how much of a capacity is to be On-Demand.
func onDemandShare(m *world.MixedInstances, total int) int {
	above := max(total-m.OnDemandBase, 0)
	return min(total, m.OnDemandBase) + (above*m.OnDemandPercentage+99)/100
}

// Weighted tells whether a group counts anything but instances.
func Weighted(g *world.ScalingGroup) bool {
	return g.Mixed != nil && slices.ContainsFunc(g.Mixed.Overrides, func(o world.InstanceOverride) bool {
		return strings.TrimSpace(o.Weight) != "" && o.Weight != "1"
	})
}
