package check

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"berth/internal/model"
)

// Quota says which limits of the account a plan would exceed, all of them.
type Quota struct{ Exceeded []Excess }

// Excess is one limit that a plan would exceed.
type Excess struct {
	model.Quota
	Needed int // how many more the plan makes
}

// Quotas is a *Quota when what is used and what the plan makes is more than the account may have, else nil. A limit
// that is not known limits nothing here.
func Quotas(limits map[string]model.Quota, demand map[string]int) error {
	var q Quota
	for _, code := range slices.Sorted(maps.Keys(demand)) {
		limit, known := limits[code]
		limit.Code = code
		if known && demand[code] > 0 && limit.Used+demand[code] > limit.Limit {
			q.Exceeded = append(q.Exceeded, Excess{limit, demand[code]})
		}
	}
	if len(q.Exceeded) == 0 {
		return nil
	}
	return &q
}

// Error names each quota with its figures, in one line.
func (q *Quota) Error() string {
	texts := make([]string, len(q.Exceeded))
	for i, e := range q.Exceeded {
		texts[i] = e.String()
	}
	return "the account may not have as much as the plan makes: " + strings.Join(texts, "; ")
}

// String is the quota with its figures: "VPCs per Region (L-F678F1CE): 5 at most, 5 in use, 1 more needed".
func (e Excess) String() string {
	return fmt.Sprintf("%s (%s): %d at most, %d in use, %d more needed", e.Name, e.Code, e.Limit, e.Used, e.Needed)
}

// Hints are the ways out, the exact command for each quota among them.
func (q *Quota) Hints() []string {
	var out []string
	for _, e := range q.Exceeded {
		out = append(out, fmt.Sprintf("ask AWS for more: aws service-quotas request-service-quota-increase --region REGION --service-code %s --quota-code %s --desired-value %d",
			service(e.Code), e.Code, e.Used+e.Needed))
		if e.Code == elasticIPs && e.Needed > 1 && e.Used < e.Limit {
			out = append(out, `or need a single address instead of one per zone: nat = "single" (see berth explain HA105)`)
		}
	}
	return out
}

// elasticIPs is the code of the quota that NAT gateways meet first: five addresses.
const elasticIPs = "L-0263D0A3"

// service is the name that Service Quotas files a quota under (AWS General Reference, "Service endpoints and quotas").
func service(code string) string {
	switch code {
	case elasticIPs:
		return "ec2"
	case "L-53DA6B97", "L-E9E9831D":
		return "elasticloadbalancing"
	}
	return "vpc"
}
