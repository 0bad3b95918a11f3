package observe

import (
	"context"

	"berth/internal/model"
	"berth/internal/observe/tenant"
)

type tenantAnswers struct{ guests *tenant.Look }

// Tenants adds to an inventory what runs in its cluster, whoever started it, and what was made for that.
func (o Observer) Tenants(ctx context.Context, have model.Inventory) (model.Inventory, error) {
	if !have.Has(model.ClusterKey()) {
		return have, nil
	}
	return tenant.New(o.Cloud, o.Scope, o.Ask.LogPrefix, have).All(ctx)
}

// glanceTenantCalls ask for services and tasks together.
func glanceTenantCalls(l *look) []call {
	if l.guests != nil {
		return nil
	}
	l.guests = tenant.New(l.c, l.scope, l.ask.LogPrefix, l.inv)
	return l.guests.GlanceCalls()
}

func foldTenantGlance(l *look) {
	for _, k := range l.guests.Gone() {
		l.inv.Remove(k)
	}
}
