package render

import (
	"strings"

	"berth/internal/model"
	"berth/internal/render/ink"
)

// lodging is the VPC of others that the cluster lives in; nil where it has its own, also where one of its own is still there.
func (v View) lodging() *model.ExistingVPC {
	if v.Facts.Existing.ID() == "" || v.Have.Has(model.VPCKey()) {
		return nil
	}
	return v.Facts.Existing
}

// lodgingText names the VPC of others: "vpc-0abc (10.9.0.0/16, shared)".
func lodgingText(e *model.ExistingVPC) string {
	about := append([]string{}, e.CIDRs...)
	if name := e.Candidates[0].Name; name != "" {
		about = append(about, name)
	}
	return ink.Clean(e.ID() + " (" + strings.Join(about, ", ") + ")")
}

// ranges are the ranges of a tier's subnets in a zone.
func ranges(e *model.ExistingVPC, t model.Tier, zone string) string {
	return each(e, t, zone, func(s model.ExistingSubnet) string { return s.CIDR })
}

// waysOut are what the private subnets of a zone are routed to.
func waysOut(e *model.ExistingVPC, zone string) string {
	return each(e, model.Private, zone, func(s model.ExistingSubnet) string {
		if s.Dead {
			return s.Out + " (gone)"
		}
		return s.Out
	})
}

func each(e *model.ExistingVPC, t model.Tier, zone string, text func(model.ExistingSubnet) string) string {
	var out []string
	for _, s := range e.Tier(t) {
		if one := text(s); s.Zone == zone && one != "" {
			out = append(out, one)
		}
	}
	return orDash(strings.Join(out, ", "))
}

// jsonExisting is the VPC of others for programs.
type jsonExisting struct {
	ID      string   `json:"id"`
	CIDRs   []string `json:"cidrs"`
	Public  []string `json:"public_subnet_ids"`
	Private []string `json:"private_subnet_ids"`
}

func (v View) jsonExisting() *jsonExisting {
	e := v.lodging()
	if e == nil {
		return nil
	}
	return &jsonExisting{ID: e.ID(), CIDRs: e.CIDRs, Public: subnetIDs(e, model.Public), Private: subnetIDs(e, model.Private)}
}

func subnetIDs(e *model.ExistingVPC, t model.Tier) []string {
	out := []string{}
	for _, s := range e.Tier(t) {
		out = append(out, s.ID)
	}
	return out
}
