package observe

import (
	"context"

	"berth/internal/model"
	"berth/internal/observe/tenant"
)

type tenantAnswers struct{ guests *tenant.Look }

// Rest adds to an inventory what only a destroy looks for: what runs in its cluster, whoever started it, what was made for that,
// and second keys.
func (o Observer) Rest(ctx context.Context, have model.Inventory) (model.Inventory, error) {
	l := o.look(have)
	if err := l.read(ctx, []row{secondKeyRow()}); err != nil {
		return have, err
	}
	return o.tenants(ctx, l.inv)
}

// tenants adds what runs in the cluster, and what was made for that.
func (o Observer) tenants(ctx context.Context, have model.Inventory) (model.Inventory, error) {
	if !have.Has(model.ClusterKey()) {
		return have, nil
	}
	return tenant.New(o.Cloud, o.Scope, o.Ask.LogPrefix, have).All(ctx)
}

// Lodgers are the services that are reached through load balancers of the cluster.
func (o Observer) Lodgers(ctx context.Context, have model.Inventory) ([]model.Lodger, error) {
	return tenant.New(o.Cloud, o.Scope, o.Ask.LogPrefix, have).Lodgers(ctx)
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
