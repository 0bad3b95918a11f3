// Package setting is ECS's account settings: what principals put, and what holds for them. The settings of clusters are here too.
//
// In go calls of ECS's API; out come answers and rows in world.ECS.Settings. It must never act on a setting: the services
// ask what holds.
package setting
