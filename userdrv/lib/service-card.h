/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * service-card.h - what a service's card and the way to it share
 */
#ifndef UIOCAP_SERVICE_CARD_H
#define UIOCAP_SERVICE_CARD_H

#include "service-link.h"
#include "transport.h"

/** service_link_of - the connection of a transport that is &transport_service */
struct service_link *service_link_of(const struct transport *t);

#endif
