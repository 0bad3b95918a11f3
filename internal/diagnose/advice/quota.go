package advice

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Quota is a service quota on what EC2 runs at once, in vCPUs (EC2 user guide, "Amazon EC2 On-Demand Instance quotas" and "Spot
// Instance quotas").
type Quota struct {
	Name, Code string
	Limit      string // what the account may have; empty: AWS did not say
}

// class is a group of instance families with quotas of its own.
type class struct {
	families     []string // the letters that the names of its types begin with
	demand, spot Quota
}

// classes are those that groups of container instances are made of.
func classes() []class {
	return []class{
		{[]string{"inf"}, Quota{Name: "Running On-Demand Inf instances", Code: "L-1945791B"}, Quota{Name: "All Inf Spot Instance Requests", Code: "L-B5D1601B"}},
		{[]string{"trn"}, Quota{Name: "Running On-Demand Trn instances", Code: "L-2C3B7624"}, Quota{Name: "All Trn Spot Instance Requests", Code: "L-6B0D517C"}},
		{[]string{"g", "gr", "vt"}, Quota{Name: "Running On-Demand G and VT instances", Code: "L-DB2E81BA"}, Quota{Name: "All G and VT Spot Instance Requests", Code: "L-3819A6DF"}},
		{[]string{"p"}, Quota{Name: "Running On-Demand P instances", Code: "L-417A185B"}, Quota{Name: "All P Spot Instance Requests", Code: "L-7212CCBC"}},
		{[]string{"x"}, Quota{Name: "Running On-Demand X instances", Code: "L-7295265B"}, Quota{Name: "All X Spot Instance Requests", Code: "L-E3A00192"}},
		{
			[]string{"a", "c", "d", "h", "i", "im", "is", "m", "r", "t", "z"},
			Quota{Name: "Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances", Code: "L-1216C47A"},
			Quota{Name: "All Standard (A, C, D, H, I, M, R, T, Z) Spot Instance Requests", Code: "L-34B43A08"},
		},
	}
}

var vcpuLimit = regexp.MustCompile(`current vCPU limit of (\d+) allows`)

// QuotaOf is the quota that a launch of one of several instance types ran into, by AWS's words for it (EC2 API reference, "Error
// codes": VcpuLimitExceeded, MaxSpotInstanceCountExceeded). It is false where they are about something else, or the types do not
// tell which quota it is.
func QuotaOf(why string, types []string) (Quota, bool) {
	spot := strings.Contains(why, "Max spot instance count exceeded")
	limit := vcpuLimit.FindStringSubmatch(why)
	if !spot && limit == nil {
		return Quota{}, false
	}
	var found Quota
	for _, t := range types {
		q := quotaFor(t, spot)
		if q.Code == "" || found.Code != "" && found.Code != q.Code {
			return Quota{}, false
		}
		found = q
	}
	if limit != nil && found.Code != "" {
		found.Limit = limit[1]
	}
	return found, found.Code != ""
}

// quotaFor is the quota of an instance type; the zero one where none is known.
func quotaFor(kind string, spot bool) Quota {
	family, _, _ := strings.Cut(kind, ".")
	if at := strings.IndexAny(family, "0123456789"); at >= 0 {
		family = family[:at]
	}
	for _, c := range classes() {
		if !slices.Contains(c.families, family) {
			continue
		}
		if spot {
			return c.spot
		}
		return c.demand
	}
	return Quota{}
}

// Raise is the command that asks AWS for more.
func (q Quota) Raise(region string) string {
	return fmt.Sprintf("ask AWS for more vCPUs: aws service-quotas request-service-quota-increase --region %s --service-code ec2 --quota-code %s --desired-value NUMBER; until then end instances that nobody needs, or take a smaller instance_type; the group tries on meanwhile", region, q.Code)
}

// String is the quota as people look for it.
func (q Quota) String() string {
	text := fmt.Sprintf("the quota %q (%s)", q.Name, q.Code)
	if q.Limit != "" {
		text += " allows no more than " + q.Limit + " vCPUs"
	} else {
		text += " is used up"
	}
	return text
}
